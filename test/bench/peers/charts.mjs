import { createHash } from 'node:crypto';

import { pathToFileURL } from 'node:url';

import { peerPackages } from './peer-packages.mjs';

/** Some tables as pictures. */
export const CHARTS = [
  { name: 'bytes', measure: 'down', title: 'Bytes down for an operation', unit: 'bytes, logarithmic' },
  { name: 'cpu', measure: 'cpu', title: 'Server CPU for an operation', unit: 'µs, logarithmic' },
  { name: 'dom', measure: 'dom', title: 'From click to DOM in Chromium', unit: 'ms, logarithmic' },
  { name: 'memory', measure: 'rss', title: 'Resident memory per open page', unit: 'KiB, logarithmic' },
];

/** What a picture can hold: the counter, and the larger of the two common tables. */
const isPictured = (scenario) => !/^(100|10,000) rows|^(1|10|50) counters? |per second|opened/.test(scenario);

/** The chart as Vega-Lite has it, or nothing where it was not measured. */
export const specOf = ({ measure, title, unit }, { records, peers }) => {
  const values = records
    .filter((one) => one.measure === measure && isPictured(one.scenario) && one.median > 0)
    .map(({ scenario, peer, median }) => ({ scenario, peer, median }));
  if (values.length === 0) return undefined;
  const order = peers.map(({ name }) => name);
  return {
    background: 'white',
    title,
    width: 560,
    height: { step: 9 },
    data: { values },
    mark: 'bar',
    encoding: {
      y: { field: 'scenario', type: 'nominal', sort: null, title: null, axis: { labelLimit: 260 } },
      yOffset: { field: 'peer', sort: order },
      x: { field: 'median', type: 'quantitative', scale: { type: 'log' }, title: unit },
      x2: { datum: Math.min(1, ...values.map(({ median }) => median)) },
      color: { field: 'peer', type: 'nominal', sort: order, title: null, scale: { scheme: 'tableau10' } },
    },
  };
};

/** By this a picture says what it was drawn from. */
export const digestOf = (spec) => createHash('sha256').update(JSON.stringify(spec)).digest('hex');

/** @returns the picture as SVG */
export const drawn = async (spec) => {
  const load = (name) => import(pathToFileURL(peerPackages.resolve(name)));
  const [vega, { compile }] = [await load('vega'), await load('vega-lite')];
  return new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' }).toSVG();
};
