/** What differs between two texts, line by line. */
export interface Change {
  was: string;
  now: string;
}

/** The longest run of lines that both have, and what stands between them in each: lines that went together came together. */
export function changedLines(was: string, now: string): Change[] {
  const [old, fresh] = [was.split('\n'), now.split('\n')];
  const shared = sharedLengths(old, fresh);
  const changes: Change[] = [];
  let [at, to, gone, come] = [0, 0, [] as string[], [] as string[]];
  const close = () => {
    if (gone.length || come.length) changes.push({ was: gone.join('\n'), now: come.join('\n') });
    [gone, come] = [[], []];
  };
  while (at < old.length || to < fresh.length) {
    if (at < old.length && to < fresh.length && old[at] === fresh[to]) [at, to] = (close(), [at + 1, to + 1]);
    else if (to === fresh.length || (at < old.length && shared[at + 1]![to]! >= shared[at]![to + 1]!)) gone.push(old[at++]!);
    else come.push(fresh[to++]!);
  }
  close();
  return changes;
}

/** How many lines both have in common from each place on. */
function sharedLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let at = old.length - 1; at >= 0; at -= 1)
    for (let to = fresh.length - 1; to >= 0; to -= 1)
      lengths[at]![to] = old[at] === fresh[to] ? lengths[at + 1]![to + 1]! + 1 : Math.max(lengths[at + 1]![to]!, lengths[at]![to + 1]!);
  return lengths;
}
