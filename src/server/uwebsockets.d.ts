// The package's own "types" entry names a file that it does not ship; the declarations are in docs/.
declare module 'uWebSockets.js' {
  import type { HttpResponse, TemplatedApp } from 'uWebSockets.js/docs/index.js';

  export * from 'uWebSockets.js/docs/index.js';

  /** What the declarations leave out. */
  export interface FilteredApp extends TemplatedApp {
    /** Calls `filter` with 1 for each connection that opens, and with -1 for each that closes. */
    filter(filter: (res: HttpResponse, change: number) => void): this;
  }
}
