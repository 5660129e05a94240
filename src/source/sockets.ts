import type { Socket } from 'node:net';

/** How many sockets there may be. */
export interface SocketLimits {
  /** In all, those that are still connecting too; who wants one more waits. */
  max: number;
  /** Of origins that nobody waits for. */
  maxIdle: number;
}

/** How often it is looked for a socket that does nothing, while somebody waits for one, in ms. */
const LOOK_INTERVAL = 20;

/** Told once what came of connecting. */
export type Connected = (error: Error | null, socket: Socket | null) => void;

/** A socket that is wanted. */
export interface Wish {
  origin: string;
  connect: (connected: Connected) => void;
  /** Whether it does nothing, once it is there. */
  isIdle: () => boolean;
}

/** An origin that is asked, or has sockets. */
interface Use {
  /** Requests whose answers are waited for. */
  requests: number;
  sockets: Map<Socket, Wish>;
}

/**
 * Bounds the sockets to all origins together. Those of the origin that nobody has waited for the
 * longest go first, so that ten thousand origins that were each asked once leave neither ten
 * thousand sockets nor as many pools.
 */
export class Sockets {
  #limits: SocketLimits;
  #uses = new Map<string, Use>();
  /** Those that nobody waits for, the one that has been so for the longest first. */
  #idle = new Map<string, Use>();
  #idleSockets = 0;
  #open = 0;
  /** Sockets that are closed here and still open to the system. */
  #closing = 0;
  #waiting: (() => void)[] = [];
  #admitting = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /** Counts one more request to an origin. */
  want(origin: string): void {
    const use = this.#useOf(origin);
    use.requests++;
    if (this.#idle.delete(origin)) this.#idleSockets -= use.sockets.size;
  }

  /** Counts one request less. */
  release(origin: string): void {
    const use = this.#useOf(origin);
    use.requests--;
    if (use.requests === 0) this.#rest(origin, use);
  }

  isWanted(origin: string): boolean {
    return (this.#uses.get(origin)?.requests ?? 0) > 0;
  }

  /** Connects to an origin, as soon as there may be one more socket. */
  connect(wish: Wish, connected: Connected): void {
    const begin = () => {
      this.#open++;
      wish.connect((error, socket) => {
        if (socket) this.#keep(wish, socket);
        else this.#closed();
        connected(error, socket);
      });
    };
    if (this.#open < this.#limits.max) {
      begin();
    } else {
      this.#waiting.push(begin);
      this.#makeRoom();
    }
  }

  #useOf(origin: string): Use {
    const known = this.#uses.get(origin);
    if (known) return known;
    const use = { requests: 0, sockets: new Map<Socket, Wish>() };
    this.#uses.set(origin, use);
    return use;
  }

  #rest(origin: string, use: Use): void {
    if (use.sockets.size === 0) {
      this.#uses.delete(origin);
      return;
    }
    this.#idle.set(origin, use);
    this.#idleSockets += use.sockets.size;
    this.#closeIdle();
  }

  #keep(wish: Wish, socket: Socket): void {
    const { origin } = wish;
    const use = this.#useOf(origin);
    if (this.#idle.delete(origin)) this.#idleSockets -= use.sockets.size;
    use.sockets.set(socket, wish);
    socket.once('close', () => {
      if (use.sockets.delete(socket)) this.#lose(origin, use);
      else this.#closing--;
      this.#closed();
    });
    if (use.requests === 0) this.#rest(origin, use);
  }

  /** Accounts for a socket that the origin, or undici, closed. */
  #lose(origin: string, use: Use): void {
    if (use.requests > 0) return;
    this.#idleSockets--;
    if (use.sockets.size > 0) return;
    this.#idle.delete(origin);
    this.#uses.delete(origin);
  }

  #closed(): void {
    this.#open--;
    // Whoever is let in may fail at once, and thousands may wait: they are let in from here alone.
    if (this.#admitting) return;
    this.#admitting = true;
    try {
      while (this.#open < this.#limits.max && this.#waiting.length > 0) this.#waiting.shift()?.();
    } finally {
      this.#admitting = false;
    }
  }

  get #enough(): boolean {
    return this.#waiting.length <= this.#closing;
  }

  /** Closes what is idle, an origin at a time, for the limit's sake and for those who wait. */
  #closeIdle(): void {
    for (const [origin, { sockets }] of this.#idle) {
      if (this.#idleSockets <= this.#limits.maxIdle && this.#enough) return;
      this.#idle.delete(origin);
      this.#uses.delete(origin);
      this.#idleSockets -= sockets.size;
      for (const socket of sockets.keys()) this.#close(sockets, socket);
    }
  }

  // An origin that is asked may have more sockets than requests; undici tells nobody when it is
  // done with one. If they were left, those who hold them and those who wait might wait for each other.
  #makeRoom(): void {
    this.#closeIdle();
    for (const { sockets } of this.#uses.values()) {
      for (const [socket, { isIdle }] of sockets) {
        if (this.#enough) return;
        if (isIdle()) this.#close(sockets, socket);
      }
    }
    if (this.#enough || this.#looking) return;
    this.#looking = setTimeout(() => {
      this.#looking = undefined;
      this.#makeRoom();
    }, LOOK_INTERVAL).unref();
  }

  #close(sockets: Use['sockets'], socket: Socket): void {
    this.#closing++;
    sockets.delete(socket);
    socket.destroy();
  }
}
