import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LoggerService, Type } from '@nestjs/common';
import { LiveComponent, OnEvent, State } from 'nest-live';

import { HttpVisitor } from '../e2e/http.visitor.js';
import { PLATFORMS, RunningApp } from '../e2e/running-app.js';
import { SocketVisitor } from '../e2e/socket.visitor.js';
import { TemporaryFolder } from '../fixtures/rendering/temporary-folder.js';
import { LiveLanguage } from './live-language.js';
import { exported, type ModuleClass } from './neighbour.js';

/* In a process without Jest: a package of CommonJS requires Nest, which is not. */

interface Speaking {
  current(): { t(key: string): string } | undefined;
}

const I18n = await exported<Speaking>('nestjs-i18n', 'I18nContext');

@LiveComponent('greeter', { template: '<p>{{greeting}}</p>' })
class Greeter {
  @State() greeting = '-';

  @OnEvent()
  greet(): void {
    this.greeting = I18n.current()?.t('words.hello') ?? 'no language';
  }
}

class Warnings implements LoggerService {
  readonly all: string[] = [];
  log(): void {}
  error = (text: unknown): void => void this.all.push(String(text));
  warn = (text: unknown): void => void this.all.push(String(text));
}

const folder = new TemporaryFolder();
for (const [language, hello] of [
  ['en', 'Hello'],
  ['de', 'Hallo'],
]) {
  mkdirSync(join(folder.path, language));
  writeFileSync(join(folder.path, language, 'words.json'), JSON.stringify({ hello }));
}

const headers = { 'accept-language': 'de' };

for (const platform of PLATFORMS) {
  const module = await exported<ModuleClass>('nestjs-i18n', 'I18nModule');
  const header = await exported<Type>('nestjs-i18n', 'AcceptLanguageResolver');
  const loaderOptions = { path: folder.path };
  const resolvers = [LiveLanguage, header];
  const logger = new Warnings();
  const { app, url } = await RunningApp.start({
    platform,
    imports: [module.forRoot({ fallbackLanguage: 'en', loaderOptions, resolvers, logging: false })],
    providers: [Greeter],
    logger,
    options: { production: false },
  });
  const http = new HttpVisitor(url, headers);
  const { state } = await http.mount('greeter');
  const overHttp = await http.ok('greeter', { state, event: 'greet', seq: 1 });
  const socket = await SocketVisitor.connect(url, { headers });
  const { component_id } = await socket.open('greeter');
  const overSocket = await socket.event(component_id, 'greet', { seq: 1 });
  socket.close();
  process.send?.({
    platform,
    http: overHttp.html,
    socket: overSocket.ok ? overSocket.html : overSocket.error.code,
    told: logger.all.filter((text) => text.includes('context type')),
  });
  await app.close();
}
folder.remove();
process.exit();
