/**
 * Milliseconds of CPU time that this process spends on work: those that other processes of a busy
 * machine take meanwhile do not count.
 */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
