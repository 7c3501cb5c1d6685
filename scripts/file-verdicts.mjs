import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ensureBuilt } from './build-output.mjs';
import { ROOT } from './root.mjs';

/**
 * Files by the tools that people make them with, and whether an upload takes them: the table of docs/features/uploads.md.
 * Tools that are not here are named and left out. Debian's packages: ffmpeg imagemagick sox p7zip-full qpdf ghostscript
 * librsvg2-bin webp zip python3.
 */
if (!ensureBuilt()) process.exit(1);
const { declaredKind } = await import(join(ROOT, 'dist/src/uploads/file-kinds.js'));
const { isOfKind } = await import(join(ROOT, 'dist/src/uploads/file-sniffer.js'));

const folder = mkdtempSync(join(tmpdir(), 'nest-live-files-'));
const run = (command, ...words) => spawnSync(command, words, { cwd: folder, encoding: 'utf8' });
const python = (code) => ['python3', '-c', code];
const SOUND = ['-f', 'lavfi', '-i', 'sine=duration=1'];
const PICTURE = ['-f', 'lavfi', '-i', 'testsrc=duration=1:size=64x64:rate=5'];
const ffmpeg = (...words) => ['ffmpeg', '-loglevel', 'error', '-y', ...words];

/** Name, announced type, what makes it. */
const FILES = [
  ['photo.png', 'image/png', ['convert', '-size', '32x32', 'plasma:', 'photo.png']],
  ['photo.jpg', 'image/jpeg', ['convert', '-size', '32x32', 'plasma:', 'photo.jpg']],
  ['photo.gif', 'image/gif', ['convert', '-size', '32x32', 'plasma:', 'photo.gif']],
  ['photo.bmp', 'image/bmp', ['convert', '-size', '32x32', 'plasma:', 'photo.bmp']],
  ['photo.tif', 'image/tiff', ['convert', '-size', '32x32', 'plasma:', 'photo.tif']],
  ['photo.ico', 'image/x-icon', ['convert', '-size', '32x32', 'plasma:', 'photo.ico']],
  ['photo.webp', 'image/webp', ['convert', '-size', '32x32', 'plasma:', 'photo.webp']],
  ['photo.avif', 'image/avif', ['convert', '-size', '64x64', 'plasma:', 'photo.avif']],
  ['photo.heic', 'image/heic', ['convert', '-size', '64x64', 'plasma:', 'photo.heic']],
  ['print.pdf', 'application/pdf', ['gs', '-q', '-sDEVICE=pdfwrite', '-o', 'print.pdf', '-c', 'showpage']],
  ['linear.pdf', 'application/pdf', ['qpdf', '--linearize', 'print.pdf', 'linear.pdf']],
  ['drawing.svg', 'image/svg+xml', ['rsvg-convert', '-f', 'svg', '-o', 'drawing.svg', 'plain.svg']],
  ['memo.m4a', 'audio/mp4', ffmpeg(...SOUND, 'memo.m4a')],
  ['phone.m4a', 'audio/mp4', ffmpeg(...SOUND, '-f', 'mp4', 'phone.m4a')],
  ['dash.m4a', 'audio/mp4', ffmpeg(...SOUND, '-f', 'mp4', '-movflags', '+dash+frag_keyframe+empty_moov', 'dash.m4a')],
  ['memo.mp4', 'audio/mp4', ffmpeg(...SOUND, '-f', 'mp4', 'memo.mp4')],
  ['film.mp4', 'video/mp4', ffmpeg(...PICTURE, 'film.mp4')],
  ['film.m4a', 'audio/mp4', ffmpeg(...PICTURE, '-f', 'mp4', 'film.m4a'), 'refused'],
  ['film.mov', 'video/quicktime', ffmpeg(...PICTURE, 'film.mov')],
  ['film.webm', 'video/webm', ffmpeg(...PICTURE, 'film.webm')],
  ['film.mkv', 'video/matroska', ffmpeg(...PICTURE, 'film.mkv')],
  ['sound.mp3', 'audio/mpeg', ffmpeg(...SOUND, 'sound.mp3')],
  ['bare.mp3', 'audio/mpeg', ffmpeg(...SOUND, '-id3v2_version', '0', '-write_xing', '0', 'bare.mp3')],
  ['sound.ogg', 'audio/ogg', ffmpeg(...SOUND, 'sound.ogg')],
  ['sound.opus', 'audio/ogg', ffmpeg(...SOUND, 'sound.opus')],
  ['sound.flac', 'audio/flac', ffmpeg(...SOUND, 'sound.flac')],
  ['sound.wav', 'audio/wav', ffmpeg(...SOUND, 'sound.wav')],
  ['long.wav', 'audio/wav', ffmpeg(...SOUND, '-rf64', 'always', 'long.wav')],
  ['sox.wav', 'audio/wav', ['sox', '-n', 'sox.wav', 'synth', '1', 'sine', '440']],
  ['notes.txt', 'text/plain', python("open('notes.txt','w').write('The free trial ends on Monday.\\n')")],
  [
    'table.csv',
    'text/csv',
    python("import csv; csv.writer(open('table.csv','w')).writerows([['BMI','weight'],[23.1,70]])"),
  ],
  ['unicode.txt', 'text/plain', python("open('unicode.txt','w',encoding='utf-16').write('José;Łódź\\n')")],
  ['old.csv', 'text/csv', python("open('old.csv','w',encoding='cp1252').write('Größe;Preis €\\n')")],
  ['data.json', 'application/json', python("import json; json.dump({'a':[1]},open('data.json','w'))")],
  ['folder.zip', 'application/zip', ['zip', '-q', 'folder.zip', 'notes.txt', 'table.csv']],
  [
    'manifest.zip',
    'application/zip',
    python(
      "import zipfile; zipfile.ZipFile('manifest.zip','w').writestr('META-INF/MANIFEST.MF','Manifest-Version: 1.0')",
    ),
  ],
  ['folder.tar', 'application/x-tar', ['tar', '-cf', 'folder.tar', 'notes.txt']],
  ['folder.tgz', 'application/gzip', ['tar', '-czf', 'folder.tgz', 'notes.txt']],
  ['folder.7z', 'application/x-7z-compressed', ['7z', 'a', '-bd', 'folder.7z', 'notes.txt']],
  ['print.txt', 'text/plain', ['cp', 'print.pdf', 'print.txt'], 'refused'],
  ['photo.pdf', 'application/pdf', ['cp', 'photo.png', 'photo.pdf'], 'refused'],
];

const versions = new Map();
function toolOf(command) {
  if (!versions.has(command)) {
    const said = ['--version', '-version'].map((flag) => run(command, flag)).find(({ status }) => status === 0);
    versions.set(command, (said && /\d+\.\d+[\w.-]*/.exec(said.stdout + said.stderr)?.[0]) ?? '');
  }
  return `${command} ${versions.get(command)}`.trim();
}

writeFileSync(join(folder, 'plain.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');

const rows = [];
const surprises = [];
for (const [name, type, [command, ...words], wanted = 'taken'] of FILES) {
  const made = run(command, ...words);
  if (made.error || made.status !== 0) {
    console.error(`left out: ${name} (${command}: ${made.error?.code ?? made.stderr.trim().split('\n')[0]})`);
    continue;
  }
  // What scripts and mail programs leave in front of a document.
  if (name === 'linear.pdf')
    writeFileSync(join(folder, name), `\n${readFileSync(join(folder, name), 'latin1')}`, 'latin1');
  const kind = declaredKind(name, type);
  const verdict = kind && (await isOfKind(kind, () => createReadStream(join(folder, name)))) ? 'taken' : 'refused';
  if (verdict !== wanted) surprises.push(`${name}: ${verdict}`);
  rows.push(
    `| \`${name}\` | \`${type}\` | ${command === 'cp' ? 'another kind, renamed' : toolOf(command)} | ${verdict} |`,
  );
}
rmSync(folder, { recursive: true, force: true });

console.log(['| file | announced as | made by | verdict |', '| --- | --- | --- | --- |', ...rows].join('\n'));
if (surprises.length > 0) console.error(`\nNot as it should be: ${surprises.join(', ')}`);
process.exitCode = surprises.length > 0 ? 1 : 0;
