/** How many are ended in one turn of the event loop. */
const AT_ONCE = 8;

const late: (() => void)[] = [];

/**
 * Runs `end` in a turn of the event loop to come, a few in each. To give a request up costs about as much
 * as to answer one, and those that an origin lets hang come due together: ended all at once they would
 * hold up whoever is being answered.
 */
export function endInTurn(end: () => void): void {
  late.push(end);
  if (late.length === 1) setImmediate(endSome);
}

function endSome(): void {
  for (const end of late.splice(0, AT_ONCE)) end();
  if (late.length > 0) setImmediate(endSome);
}
