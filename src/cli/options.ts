import { UsageError } from './command.ts';

/**
 * Options as a part of a URL's path, each after a slash; empty where there are none.
 *
 * @throws UsageError where one is no option, and would be taken for the source URL
 */
export function joinOptions(options: readonly string[], separator: string): string {
  const parts = options.flatMap((option) => option.split('/'));
  for (const part of parts) {
    if (!part.includes(separator)) {
      throw new UsageError(
        `"${part}" is no option: write its name and its arguments, such as exif${separator}0`,
      );
    }
  }
  return parts.map((part) => `/${part}`).join('');
}
