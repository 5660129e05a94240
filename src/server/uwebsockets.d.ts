// The package's own "types" entry names a file that it does not ship; the declarations are in docs/.
declare module 'uWebSockets.js' {
  export * from 'uWebSockets.js/docs/index.js';
}
