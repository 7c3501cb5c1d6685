import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { Controller, Get, Header, Module, Query } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';

import { announceCounts } from './announced-counts.js';
import { doByHand, pageByHand, type Told } from './page-by-hand.js';
import { newPage, parityOf, readPageKind, type Operation, type PageState } from './page.model.js';
import { startOn } from './platform.js';

const packages = createRequire(import.meta.url);

interface Viewer {
  readonly data: { state: PageState };
}

const TRANSPORT = `<script src="/socket.io-client.js"></script><script>
const socket = io({ transports: ['websocket'] });
socket.on('told', (told) => tell(told));
socket.on('connect', () =>
  socket.emit('open', Object.fromEntries(new URLSearchParams(location.search)), () => document.documentElement.classList.add('ready')));
const ask = (operation, index) => socket.emit('do', [operation, index], (told) => tell(told));
</script>`;

/** What one would write on a gateway by hand: the state is the connection's, an answer is what has changed. */
@WebSocketGateway({ transports: ['websocket'], serveClient: false, perMessageDeflate: false })
class PageGateway {
  @WebSocketServer() server: { emit(event: string, message: object): void };

  @SubscribeMessage('open')
  open(@ConnectedSocket() viewer: Viewer, @MessageBody() asked: Record<string, unknown>): object {
    viewer.data.state = newPage(readPageKind(asked));
    return {};
  }

  @SubscribeMessage('do')
  operate(@ConnectedSocket() viewer: Viewer, @MessageBody() [operation, index]: [Operation, number]): Told {
    return doByHand(viewer.data.state, operation, index);
  }
}

@Controller()
class Pages {
  @Get('socket.io-client.js')
  @Header('content-type', 'text/javascript')
  script(): string {
    return readFileSync(
      join(dirname(packages.resolve('socket.io-client/dist/socket.io.js')), 'socket.io.min.js'),
      'utf8',
    );
  }

  @Get('page')
  page(@Query() query: Record<string, string>): string {
    return pageByHand(readPageKind(query), TRANSPORT);
  }
}

@Module({ controllers: [Pages], providers: [PageGateway] })
class GatewayPageModule {}

await startOn(GatewayPageModule, {
  commands: (app) => {
    const { server } = app.get(PageGateway);
    return announceCounts((count) => server.emit('told', { at: 0, count, parity: parityOf(count) }));
  },
});
