import { Body, Controller, Module, Post } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

import { startOn } from './platform.js';

/** The least a Nest gateway can do: acknowledge with what it got. */
@WebSocketGateway({ transports: ['websocket'], serveClient: false, perMessageDeflate: false })
class EchoGateway {
  @SubscribeMessage('echo')
  echo(@MessageBody() message: unknown): unknown {
    return message;
  }
}

/** The least a Nest JSON POST can do. */
@Controller('echo')
class EchoController {
  @Post()
  echo(@Body() body: object): object {
    return body;
  }
}

@Module({ controllers: [EchoController], providers: [EchoGateway] })
class EchoModule {}

await startOn(EchoModule);
