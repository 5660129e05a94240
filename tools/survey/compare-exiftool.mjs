// IPTC, Photoshop's resolution and XMP against exiftool's readings.

/** The strings and numbers in a value, however deep. */
function leaves(value) {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(leaves);
  return [String(value)];
}

// What exiftool takes for Latin-1 though it is UTF-8.
const misread = (text) => Buffer.from(text, 'latin1').toString('utf8');

// exiftool writes dates, times and fractions its own way.
const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

function groupOf(tags, prefix) {
  return Object.entries(tags ?? {}).filter(([name]) => name.startsWith(prefix));
}

export function compareIptc(info, tags, tell) {
  const ours = new Set(leaves(JSON.parse(info.iptc ?? '{}')).map(plain));
  const theirs = groupOf(tags, 'IPTC');
  if (ours.size > 0 && theirs.length === 0) tell('iptc alone', info.iptc.slice(0, 300), null);
  for (const [name, value] of theirs) {
    // Of several blocks the first counts; CodedCharacterSet is told in Base64 by us; exiftool does
    // not tell (Binary data …).
    if (!name.startsWith('IPTC:') || name === 'IPTC:CodedCharacterSet') continue;
    if (/^\(Binary/.test(String(value))) continue;
    const lost = leaves(value).filter(
      (leaf) => !ours.has(plain(leaf)) && !ours.has(plain(misread(leaf))),
    );
    if (lost.length > 0) tell('iptc less', info.iptc?.slice(0, 300) ?? null, `${name}: ${lost}`);
  }
}

export function comparePhotoshop(info, tags, tell) {
  const ours = JSON.parse(info.photoshop ?? '{}').resolution;
  for (const name of ['XResolution', 'YResolution']) {
    const theirs = tags?.[`Photoshop:${name}`];
    if (Math.abs((theirs ?? 0) - (ours?.[name] ?? 0)) > 0.01) {
      tell('photoshop', ours?.[name] ?? null, theirs ?? null);
    }
  }
}

// Properties that only exiftool tells.
const NOT_PROPERTIES = /^XMP-(x:XMPToolkit|rdf:About|xmpNote:HasExtendedXMP)$/i;

export function compareXmp(info, tags, tell) {
  const xmp = JSON.parse(info.xmp ?? '{}');
  const ours = new Set(leaves(xmp).map(plain));
  const names = new Set(Object.values(xmp).flatMap((group) => Object.keys(group).map(plain)));
  const theirs = groupOf(tags, 'XMP').filter(([name]) => !NOT_PROPERTIES.test(name));
  if (names.size > 0 && theirs.length === 0) tell('xmp alone', info.xmp.slice(0, 300), null);
  for (const [name, value] of theirs) {
    // exiftool renames many properties and rewrites many values: what has either is there.
    if (names.has(plain(name.slice(name.indexOf(':') + 1)))) continue;
    const lost = leaves(value).filter((leaf) => !ours.has(plain(leaf)));
    if (lost.length > 0) tell('xmp less', null, `${name}: ${lost.join('; ').slice(0, 200)}`);
  }
}
