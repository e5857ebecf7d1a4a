const cell = { width: 8.43, height: 18, baseline: 13.5, size: 14 };
const margin = 12;
const fonts = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace";
const grounds = {
  dark: { ground: '#15181d', text: '#d5d9de' },
  light: { ground: '#ffffff', text: '#24292f' },
};
/** xterm's first sixteen colours. */
const sixteen = [
  ...['#000000', '#cd0000', '#00cd00', '#cdcd00', '#4f8fe6', '#cd00cd', '#00cdcd', '#e5e5e5'],
  ...['#7f7f7f', '#ff0000', '#00ff00', '#ffff00', '#5c5cff', '#ff00ff', '#00ffff', '#ffffff'],
];

/** What an xterm.js terminal shows, as an SVG: one text element a run of cells of one look, frames and blocks as paths. */
export function svgOf(terminal, theme) {
  const { ground, text } = grounds[theme];
  const [width, height] = [
    terminal.cols * cell.width + 2 * margin,
    terminal.rows * cell.height + 2 * margin,
  ].map(Math.ceil);
  const rows = Array.from({ length: terminal.rows }, (_, row) =>
    rowOf(terminal, row, theme).map((run) => draw(run, text)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The dashboard of huskycat-tui">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${ground}"/>`,
    `<g transform="translate(${margin} ${margin})" font-family="${fonts}" font-size="${cell.size}" fill="${text}" style="white-space:pre" xml:space="preserve">`,
    ...rows.flat(),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The runs of one row: neighbouring cells of one look and one kind. */
function rowOf(terminal, row, theme) {
  const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + row);
  const runs = [];
  for (let column = 0; column < terminal.cols; column += 1) {
    const at = line?.getCell(column);
    const cells = at?.getWidth() ?? 1;
    if (!at || cells === 0) continue;
    const characters = at.getChars() || ' ';
    const kind = kindOf(characters, cells);
    const look = lookOf(at, theme);
    const last = runs.at(-1);
    const isSame = last && last.kind === kind && kind !== 'symbol' && last.look.key === look.key;
    if (isSame) {
      last.text += characters;
      last.cells += cells;
    } else runs.push({ text: characters, cells, row, column, kind, look });
  }
  return runs;
}

/** A symbol is placed by itself: fonts do not agree on its width. */
function kindOf(characters, cells) {
  if (characters === ' ') return 'plain';
  if (characters in shapes) return 'shape';
  return cells === 1 && /^[\u0021-\u00ff]$/.test(characters) ? 'plain' : 'symbol';
}

function lookOf(at, theme) {
  const { ground, text } = grounds[theme];
  let fore = colourOf(at.isFgRGB(), at.isFgPalette(), at.getFgColor());
  let back = colourOf(at.isBgRGB(), at.isBgPalette(), at.getBgColor());
  if (at.isInverse()) [fore, back] = [back ?? ground, fore ?? text];
  const isBold = at.isBold() !== 0;
  const isDim = at.isDim() !== 0;
  return { fore, back, isBold, isDim, key: [fore, back, isBold, isDim].join() };
}

function colourOf(isTrue, isIndexed, colour) {
  if (isTrue) return `#${colour.toString(16).padStart(6, '0')}`;
  if (!isIndexed) return undefined;
  if (colour < 16) return sixteen[colour];
  if (colour >= 232) return hex([0, 0, 0].map(() => 8 + (colour - 232) * 10));
  const step = (value) => (value === 0 ? 0 : 55 + value * 40);
  const index = colour - 16;
  return hex([Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map(step));
}

function hex(parts) {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function draw({ text, cells, row, column, kind, look }, stroke) {
  const [x, y, width] = [column * cell.width, row * cell.height, cells * cell.width].map(short);
  const ground = look.back
    ? `<rect x="${x}" y="${y}" width="${width}" height="${cell.height}" fill="${look.back}"/>`
    : '';
  if (text.trim() === '') return ground;
  const fill = look.fore ? ` fill="${look.fore}"` : '';
  const dim = look.isDim ? ' opacity="0.6"' : '';
  if (kind === 'shape') return ground + shape(text, { x, y, look, dim }, stroke);
  const weight = look.isBold ? ' font-weight="bold"' : '';
  const words = text.trim();
  const from = x + text.indexOf(words) * cell.width;
  const placed =
    kind === 'symbol'
      ? `x="${short(x + width / 2)}" text-anchor="middle"`
      : `x="${short(from)}" textLength="${short(words.length * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
  return `${ground}<text ${placed} y="${short(y + cell.baseline)}"${fill}${weight}${dim}>${escaped(words)}</text>`;
}

const [w, h] = [cell.width, cell.height];
const [mx, my, r] = [w / 2, h / 2, 4];
/** Frames as lines through the middle of a cell, blocks as filled boxes; `x` and `y` are added by `shape`. */
const shapes = {
  '─': { line: [[0, my, w, my]] },
  '│': { line: [[mx, 0, mx, h]] },
  '╭': {
    line: [
      [mx, h, mx, my + r],
      [mx + r, my, w, my],
    ],
    curve: [mx, my + r, mx, my, mx + r, my],
  },
  '╮': {
    line: [
      [mx, h, mx, my + r],
      [0, my, mx - r, my],
    ],
    curve: [mx, my + r, mx, my, mx - r, my],
  },
  '╰': {
    line: [
      [mx, 0, mx, my - r],
      [mx + r, my, w, my],
    ],
    curve: [mx, my - r, mx, my, mx + r, my],
  },
  '╯': {
    line: [
      [mx, 0, mx, my - r],
      [0, my, mx - r, my],
    ],
    curve: [mx, my - r, mx, my, mx - r, my],
  },
  '█': { fill: 1 },
  '▒': { fill: 0.5 },
  '░': { fill: 0.25 },
};

function shape(text, { x, y, look, dim }, stroke) {
  const fill = look.fore ? ` fill="${look.fore}"` : '';
  const path = [];
  let boxes = '';
  for (const [run] of text.matchAll(/(.)\1*/gu)) {
    const { line = [], curve, fill: opacity } = shapes[run[0]];
    const width = run.length * w;
    if (opacity !== undefined)
      boxes += `<rect x="${short(x)}" y="${y}" width="${short(width)}" height="${h}"${fill} opacity="${opacity}"/>`;
    else if (run[0] === '─') path.push(segment([0, my, width, my], x, y));
    else for (let at = 0; at < run.length; at += 1) path.push(...corner(line, curve, x + at * w, y));
    x += width;
  }
  if (path.length === 0) return boxes;
  return `${boxes}<path d="${path.join('')}" fill="none" stroke="${look.fore ?? stroke}" stroke-width="1.2"${dim}/>`;
}

function corner(lines, curve, x, y) {
  const parts = lines.map((line) => segment(line, x, y));
  if (!curve) return parts;
  const [ax, ay, cx, cy, bx, by] = curve;
  return [
    ...parts,
    `M${short(x + ax)} ${short(y + ay)}Q${short(x + cx)} ${short(y + cy)} ${short(x + bx)} ${short(y + by)}`,
  ];
}

function segment([ax, ay, bx, by], x, y) {
  return `M${short(x + ax)} ${short(y + ay)}L${short(x + bx)} ${short(y + by)}`;
}

function short(value) {
  return Math.round(value * 100) / 100;
}

function escaped(text) {
  return text.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one]);
}
