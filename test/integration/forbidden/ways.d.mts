/** Addresses of the loopback interface, with their prefix lengths. */
export const ADDRESSES: readonly string[];

/** The ways; `reaches` where this host answers once the address's class is allowed. */
export const WAYS: readonly { name: string; url: string; reaches: boolean }[];
