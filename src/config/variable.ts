/** Reads another environment variable, by its full name; undefined where it is unset or blank. */
export type Sibling = (env: string) => string | undefined;

/** A kind of value: how it looks, how it is read, how it is shown. */
export interface ValueType<T> {
  /** What a value must be, as a phrase that follows "must be". */
  readonly format: string;
  /**
   * Reads a value. `sibling` gives what the reading depends on, such as a separator.
   *
   * @throws InvalidValue
   */
  parse(text: string, sibling: Sibling): T;
  /** A value as one would write it in the environment. */
  show(value: T): string;
}

/** A value that is not what its type asks for. The message never repeats the value: it may be a secret. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}

/** A default that follows from other values or from the machine. */
export interface Derived<T> {
  /** The default in words, for the docs. */
  readonly text: string;
  /** `values` are those of all variables, by their names in {@link Config}. */
  derive(values: Readonly<Record<string, unknown>>): T;
}

/** One environment variable: all that the loader and the docs know of it. */
export interface Variable<T> {
  /** Its full name in the environment. */
  readonly env: string;
  readonly type: ValueType<T>;
  readonly default: NoInfer<T | Derived<T>>;
  /** What it does, in one sentence. */
  readonly meaning: string;
  /**
   * - `planned`: accepted and checked, but nothing acts on it yet: a warning where it is set.
   * - `unsupported`: anything but its default fails the start, for to pass it over would do harm.
   * - `none`: accepted for compatibility; there is nothing for it to do.
   */
  readonly status?: 'planned' | 'unsupported' | 'none';
  /** A blank value is a value, and does not stand for the default. */
  readonly blank?: true;
  /** Its value is never repeated in a message. */
  readonly secret?: true;
}

/** A table of variables, by their names in {@link Config}. */
// biome-ignore lint/suspicious/noExplicitAny: a table holds variables of every type
export type Variables = Readonly<Record<string, Variable<any>>>;

/** Types one entry of a table. */
export function variable<T>(entry: Variable<T>): Variable<T> {
  return entry;
}

/** Types one entry of a table on which nothing acts yet. */
export function planned<T>(entry: Omit<Variable<T>, 'status'>): Variable<T> {
  return { ...entry, status: 'planned' };
}

export function isDerived<T>(value: T | Derived<T>): value is Derived<T> {
  return typeof value === 'object' && value !== null && 'derive' in value;
}
