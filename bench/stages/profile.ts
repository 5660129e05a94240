/** A function of a V8 CPU profile, as `node --cpu-prof` writes it. */
interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
}

/** A V8 CPU profile; times are in µs. */
export interface CpuProfile {
  nodes: ProfileNode[];
  /** Ids of the nodes on top of the stack. */
  samples: number[];
  /** From one sample to the next. */
  timeDeltas: number[];
}

/** A stage of a request, and what the functions and files are that belong to it. */
type Stage = [name: string, functions: RegExp, files: RegExp];

const NONE = /^$/;

/**
 * The stages, the first that fits counting. C++ counts for the function of JavaScript that calls it, so
 * that the system calls that write stand with who writes.
 */
const STAGES: readonly Stage[] = [
  ['waits', /^\((idle|root)\)$/, NONE],
  ['garbage collection', /^\(garbage collector\)$/, NONE],
  ['starting', /^(dlopen|wrapSafe|compile.*|internalModuleStat|readFileUtf8)$/, /\/modules\//],
  ['probe, read from the bytes to JSON', NONE, /\/dist\/native\.js$/],
  ['write the answer: send(2) to the client', /^send$/, /\/dist\/server\/reply\.js$/],
  ['write the request: write(2) to the origin', /^write(Latin1String|v|Buffer|Utf8String)$/, NONE],
  ['event loop, read(2), epoll, what has no function', /^\(program\)$/, NONE],
  ['promises', /^(runMicrotasks|processTicksAndRejections)$/, NONE],
  ['server: headers, Reply, log, metrics', NONE, /\/dist\/(server|log|metrics)\//],
  ['URL: signature, options, source URL', NONE, /\/dist\/url\//],
  ['info: needs, answer, sharing', NONE, /\/dist\/info\//],
  ['source: download, ranges, bodies', NONE, /\/dist\/(source\/|cancel)/],
  ['HTTP to the origin: undici, llhttp', NONE, /\/undici\/|^wasm:/],
  ['Node: streams, sockets, timers, URL, crypto', NONE, /^node:/],
];

const OTHERS = 'others';

/** Sums the self time of a profile by stage, in µs; stages without any are left out. */
export function sumByStage({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const stageOf = new Map(nodes.map((node) => [node.id, toStage(node)]));
  const sums = new Map<string, number>();
  for (const [index, sample] of samples.entries()) {
    const stage = stageOf.get(sample) ?? OTHERS;
    sums.set(stage, (sums.get(stage) ?? 0) + (timeDeltas[index] ?? 0));
  }
  return sums;
}

/** The shares of the time that is spent on requests, the greatest first. */
export function toShares(sums: ReadonlyMap<string, number>): [stage: string, share: number][] {
  const spent = [...sums].filter(([stage]) => stage !== 'waits' && stage !== 'starting');
  const total = spent.reduce((sum, [, time]) => sum + time, 0);
  return spent
    .map(([stage, time]): [string, number] => [stage, time / total])
    .sort(([, a], [, b]) => b - a);
}

function toStage({ callFrame: { functionName, url } }: ProfileNode): string {
  const found = STAGES.find(([, functions, files]) => {
    return functions.test(functionName) || (url !== '' && files.test(url));
  });
  return found?.[0] ?? OTHERS;
}
