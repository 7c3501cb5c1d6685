#!/usr/bin/env bash
# typeorm 1.1.1 with sql.js 1.16.0, Node 20, nothing set.
#
# `save()` of an entity that was read a while ago writes every column whose value differs from the row. The `@VersionColumn` differs as
# well: the number of back then is written, in the place of `version + 1`. A record is at 1, two saves by others make it 3, the save of
# the entity read at 1 makes it 1 again. Whoever still holds version 1 and compares numbers sees a record that nobody has touched,
# though it was written three times. The check that TypeORM offers (`lock: { mode: 'optimistic' }`) is one of reading, not of `save()`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund typeorm@1.1.1 sql.js@1.16.0 reflect-metadata@0.2.2 > npm.log 2>&1

cat > record.js <<'JS'
import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';

const Note = new EntitySchema({
  name: 'note',
  columns: {
    id: { type: 'integer', primary: true },
    text: { type: 'varchar' },
    version: { type: 'integer', version: true },
  },
});
const source = await new DataSource({ type: 'sqljs', entities: [Note], synchronize: true }).initialize();
const notes = source.getRepository(Note);
const version = async () => (await source.query('SELECT version FROM note'))[0].version;
await notes.save({ id: 1, text: 'first' });
const stale = await notes.findOneByOrFail({ id: 1 });
const seen = [await version()];
for (const text of ['second', 'third']) {
  const fresh = await notes.findOneByOrFail({ id: 1 });
  await notes.save({ ...fresh, text });
  seen.push(await version());
}
await notes.save({ ...stale, text: 'from the first' });
seen.push(await version());
console.log(seen.join(' '));
await source.destroy();
JS

seen=$(node record.js)
echo "$seen"
[ "$seen" = '1 2 3 1' ] || { echo 'it has changed'; exit 1; }
