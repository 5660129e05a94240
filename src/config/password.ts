/** A value as it may be shown: without the user names and passwords of the URLs in it. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/)[^/?#\s]*@/g, '$1***@');
}
