import mime from 'mime';

/** The media type that the extension of a source URL's path stands for, if it has one that is known. */
export function typeByExtension(sourceUrl: string): string | undefined {
  const path = sourceUrl.replace(/[?#].*$/s, '');
  return mime.getType(path.slice(path.lastIndexOf('/') + 1)) ?? undefined;
}
