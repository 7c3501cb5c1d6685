import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../../scripts/root.mjs';
import { MarkedSection } from '../marked-section.mjs';
import { figure, list, row } from '../report.mjs';
import { CHARTS, digestOf, drawn, specOf } from './charts.mjs';
import { OURS } from './peers.mjs';
import { MEASURES } from './records.mjs';

export const RESULTS = join(ROOT, 'docs/reference/peers.json');
const IMAGES = join(ROOT, 'docs/images/peers');

export const SECTION = new MarkedSection({
  path: join(ROOT, 'docs/reference/peers.md'),
  begin: '<!-- peers: written by `npm run bench -- peers --docs` -->',
  end: '<!-- end of the peers -->',
});

const unique = (values) => [...new Set(values)];

/** Below it, another one is better; above, and up to 1, they are level. */
const LEVEL = 0.95;
/** More scenarios than these are counted, and read in the tables. */
const NAMED = 4;

const rounded = (ratio) => {
  if (ratio >= 10) return ratio.toFixed(0);
  if (ratio >= 1) return ratio.toFixed(1);
  return ratio < 0.01 ? '< 0.01' : ratio.toFixed(2);
};

const ratioText = ({ median, min, max }) => {
  const range = `${rounded(min)}–${rounded(max)}`;
  return rounded(min) === rounded(max) ? `${rounded(median)}×` : `${rounded(median)}×, ${range}`;
};

const cell = (record) => {
  if (record === undefined) return '–';
  const { median, ratio } = record;
  const text = median >= 1000 ? Math.round(median).toLocaleString('en') : figure(median);
  return ratio ? `${text} (${ratioText(ratio)})` : text;
};

const table = (records, peers, measure) => {
  const measured = records.filter((record) => record.measure === measure);
  const names = peers.map(({ name }) => name).filter((name) => measured.some(({ peer }) => peer === name));
  const found = (scenario, name) => measured.find((one) => one.scenario === scenario && one.peer === name);
  return [
    `### ${MEASURES[measure]}`,
    '',
    row(['', ...names]),
    row(['', ...names].map(() => '---')),
    ...unique(measured.map(({ scenario }) => scenario)).map((scenario) =>
      row([scenario, ...names.map((name) => cell(found(scenario, name)))]),
    ),
    '',
  ].join('\n');
};

const measuresOf = (records) => Object.keys(MEASURES).filter((name) => records.some(({ measure }) => measure === name));

/** One table per measure; in brackets how many times the figure of nest-live in the same round, median and range. */
export const tablesOf = ({ records, peers }) =>
  measuresOf(records)
    .map((measure) => table(records, peers, measure))
    .join('\n');

const lossesIn = (records, measure) => {
  const lost = records.filter((one) => one.measure === measure && one.ratio && one.ratio.median < LEVEL);
  const of = (peer) => {
    const theirs = lost.filter((one) => one.peer === peer);
    const all = records.filter((one) => one.measure === measure && one.peer === peer);
    const ratios = theirs.map(({ ratio }) => ratio.median);
    const range = unique([Math.min(...ratios), Math.max(...ratios)].map(rounded)).join('–');
    const names = theirs.length > NAMED ? '' : `: ${theirs.map(({ scenario }) => scenario).join('; ')}`;
    return `  - **${peer}** in ${theirs.length} of ${all.length}, ${range}×${names}`;
  };
  return lost.length === 0 ? [] : [`- ${MEASURES[measure]}`, ...unique(lost.map(({ peer }) => peer)).map(of)];
};

const losses = ({ records }) => [
  '### Where others are better',
  '',
  `What a peer needs less of than ${OURS} by more than a twentieth, as a part of what ${OURS} needs:`,
  '',
  ...measuresOf(records).flatMap((measure) => lossesIn(records, measure)),
  '',
];

const peerList = ({ peers }) => [
  row(['peer', 'what it is', 'packages']),
  row(['---', '---', '---']),
  ...peers.map(({ name, what, packages }) => row([name, what, packages.join(', ')])),
  '',
];

/** Each picture's file, what it is drawn from, and the first line by which it says so. */
export const picturesOf = (report) =>
  CHARTS.flatMap((chart) => {
    const spec = specOf(chart, report);
    const { name, title } = chart;
    return spec ? [{ name, title, spec, path: join(IMAGES, `${name}.svg`), stamp: `<!-- ${digestOf(spec)} -->` }] : [];
  });

const pictures = (report) =>
  picturesOf(report).flatMap(({ name, title }) => [`![${title}](../images/peers/${name}.svg)`, '']);

/** The generated part of the page. */
export const sectionOf = (report) =>
  [
    '<!-- prettier-ignore-start -->',
    '',
    list(report.conditions),
    '',
    ...peerList(report),
    ...losses(report),
    ...pictures(report),
    tablesOf(report).trim(),
    '',
    '<!-- prettier-ignore-end -->',
  ].join('\n');

const kept = (value) => Number(value.toPrecision(4));

const keptSpread = ({ median, min, max }) => ({ median: kept(median), min: kept(min), max: kept(max) });

/** What is committed: without the single rounds. */
const resultsOf = ({ at, conditions, peers, records }) => ({
  at,
  conditions,
  peers,
  records: records.map(({ scenario, measure, peer, ratio, ...figures }) => ({
    ...{ scenario, measure, peer, ...keptSpread(figures) },
    ...(ratio && { ratio: keptSpread(ratio) }),
  })),
});

/** One record a line: so a new run can be read as a difference. */
const jsonOf = ({ records, ...report }) =>
  `${JSON.stringify({ ...report, records: [] }, null, 2).replace('"records": []', () => `"records": [\n${records.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`)}\n`;

/** @returns the files that were written */
export const writePage = async (report) => {
  const results = resultsOf(report);
  writeFileSync(RESULTS, jsonOf(results));
  SECTION.text = sectionOf(results);
  mkdirSync(IMAGES, { recursive: true });
  const pictures = picturesOf(results);
  for (const { path, stamp, spec } of pictures) writeFileSync(path, `${stamp}\n${await drawn(spec)}\n`);
  return [RESULTS, SECTION.path, ...pictures.map(({ path }) => path)];
};
