import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../free-port.js';

const PATIENCE_MS = 20_000;

export const hasNginx = spawnSync('nginx', ['-v']).status === 0;

/** A real nginx with a file of the guide: only its ports are others. */
export class Nginx {
  static async start(file: string, upstream: number): Promise<Nginx> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'nest-live-nginx-'));
    const site = file
      .replace(/listen 80;/g, `listen 127.0.0.1:${port};`)
      .replace(/127\.0\.0\.1:3000/g, `127.0.0.1:${upstream}`);
    writeFileSync(join(folder, 'site.conf'), site);
    writeFileSync(join(folder, 'nginx.conf'), frame(folder));
    const args = ['-e', join(folder, 'error.log'), '-p', folder, '-c', join(folder, 'nginx.conf')];
    const nginx = new Nginx(port, folder, spawn('nginx', args, { stdio: ['ignore', 'inherit', 'inherit'] }));
    await nginx.answers();
    return nginx;
  }

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    const { process } = this;
    if (process.exitCode === null && process.signalCode === null) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await isOpen(this.port))) {
      if (this.process.exitCode !== null || Date.now() > end) throw new Error('nginx did not start');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => (socket.destroy(), resolve(true)))
      .once('error', () => resolve(false));
  });

/** What a distribution's own file says around it, in one process and one folder. */
const frame = (folder: string): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  include ${folder}/site.conf;
}
`;
