import mime from 'mime';

/** Types by extension, those that there are none of too; there are some thousand extensions. */
const known = new Map<string, string | undefined>();
const MAX_KNOWN = 5_000;
const MAX_LENGTH = 20;

/** The media type that the extension of a source URL's path stands for, if it has one that is known. */
export function typeByExtension(sourceUrl: string): string | undefined {
  const past = sourceUrl.search(/[?#]/);
  const end = past < 0 ? sourceUrl.length : past;
  const slash = sourceUrl.lastIndexOf('/', end - 1);
  const name = sourceUrl.slice(slash + 1, end);
  const extension = name.slice(name.lastIndexOf('.') + 1);
  if (extension.length > MAX_LENGTH) return undefined;
  if (known.has(extension)) return known.get(extension);
  const type = mime.getType(extension) ?? undefined;
  if (known.size < MAX_KNOWN) known.set(extension, type);
  return type;
}
