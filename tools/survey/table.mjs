// Prints what a survey found.

function count(rows, key) {
  const counts = new Map();
  for (const row of rows) {
    const name = key(row);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function heading(title) {
  console.log(`\n${title}`);
}

export function print(rows) {
  const answered = rows.filter((row) => row.verdict === 'answered');
  heading('files');
  console.table(Object.fromEntries([['all', rows.length], ...count(rows, (row) => row.verdict)]));

  heading('answered, by format; rounds and bytes with the default options');
  const formats = {};
  for (const [format, files] of count(answered, (row) => row.ours.info.format)) {
    const of = answered.filter((row) => row.ours.info.format === format);
    const largest = (get) => Math.max(...of.map(get));
    formats[format] = {
      files,
      '1 round': of.filter((row) => row.ours.rounds === 1).length,
      'most rounds': largest((row) => row.ours.rounds),
      'most KiB': Math.round(largest((row) => row.ours.bytes) / 1024),
      'most ms': Number(largest((row) => row.ours.ms).toFixed(1)),
      differing: of.filter((row) => row.differences.length > 0).length,
    };
  }
  console.table(formats);
  const once = answered.filter((row) => row.ours.rounds === 1).length;
  console.log(`in one round: ${((100 * once) / answered.length).toFixed(1)} %`);

  heading('refused by us alone, by what exiftool says');
  const refused = rows.filter((row) => row.verdict === 'refused by us alone');
  console.table(Object.fromEntries(count(refused, (row) => row.oracles.exiftool?.type ?? 'vips')));

  heading('differences, by format and field');
  const differences = answered.flatMap((row) =>
    row.differences.map((difference) => `${row.ours.info.format} ${difference.field}`),
  );
  console.table(Object.fromEntries(count(differences, (name) => name)));

  heading('dead or slow (over 100 ms)');
  for (const row of rows) {
    if (row.ours.death !== undefined) console.log(row.ours.death, row.file);
    else if (row.ours.ms > 100 || row.ours.all.ms > 100) {
      console.log(`${Math.max(row.ours.ms, row.ours.all.ms).toFixed(0)} ms`, row.file);
    }
  }
}
