// The files below folders.
import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

// Sources and texts, of which test data of libraries is full.
const TEXTS = new Set(
  `.1 .3 .ac .am .asm .awk .bat .bcmap .build .c .cc .cfg .cmake .cmd .conf .cpp .cs .css .csv .cxx .def
  .diff .dox .dtd .el .ent .frag .ftl .glade .gn .go .h .hh .hpp .hs .htm .html .in .inc .inl .inx .java
  .js .json .la .less .link .lock .m .m4 .mak .md .mjs .mk .mo .out .page .param .patch .pem .php .phpt
  .pl .pm .po .pod .prf .pro .properties .ps .py .qdoc .qm .qml .rb .rdoc .ref .rs .rst .s .scm .sh .sln
  .strings .supp .tcl .toml .ts .txt .ui .vcproj .vcxproj .vert .xba .xml .xsl .y .yaml .yml .so .o .a
  .tap .check .qdf .qps .qsnap .svgd`.split(/\s+/),
);

/** Every file below the folders, but texts: at most `each` of an extension below one of them. */
export function gather(folders, each) {
  const files = [];
  for (const folder of folders) {
    const counts = new Map();
    const walk = (path) => {
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        const child = join(path, entry.name);
        if (entry.isDirectory()) walk(child);
        const kind = extname(entry.name).toLowerCase();
        if (!entry.isFile() || TEXTS.has(kind) || statSync(child).size === 0) continue;
        const count = (counts.get(kind) ?? 0) + 1;
        counts.set(kind, count);
        if (count <= each) files.push(child);
      }
    };
    walk(folder);
  }
  return files;
}
