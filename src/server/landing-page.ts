/** What a browser sees at the root. */
export const LANDING_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>imgpeek</title>
<h1>imgpeek is running</h1>
<p>Ask it what an image or a video is: <code>GET /info/%signature/%info_options/plain/%source_url</code>
</html>
`;
