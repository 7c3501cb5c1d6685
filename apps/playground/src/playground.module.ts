import { Module } from '@nestjs/common';
import { ComponentsModule } from 'nest-live';
import { RedisModule } from 'nest-live/redis';

import { HarbourOffice } from './cache/harbour.office.js';
import { TideTable } from './cache/tide-table.component.js';
import { Counter } from './counter/counter.component.js';
import { HtmxCounter } from './counter/htmx-counter.component.js';
import { DatabaseModule } from './database.module.js';
import { WorkshopForm } from './forms/workshop-form.component.js';
import { AccountResolver } from './guarded/account.resolver.js';
import { AccountsModule } from './guarded/accounts.module.js';
import { NoticeBoard } from './guarded/notice-board.component.js';
import { TeaOrder } from './navigation/tea-order.component.js';
import { TalkVote } from './optimistic/talk-vote.component.js';
import { APPLICATION_ROLES, APPLICATIONS } from './pages/application.js';
import { DemoPages } from './pages/demo.pages.js';
import { folderOf, TEMPLATES, VIEWS } from './pages/folders.js';
import { menu } from './pages/menu.js';
import { PagesController } from './pages/pages.controller.js';
import { PixelBoard } from './pixels/pixel-board.component.js';
import { Doorbell } from './rate-limit/doorbell.component.js';
import { Kitchen } from './queue/kitchen.component.js';
import { TeaRoom } from './presence/tea-room.component.js';
import { LinkList } from './safety/link-list.component.js';
import { BookSearch } from './search/book-search.component.js';
import { Library } from './search/library.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { ShiftPlan } from './sessions/shift-plan.component.js';
import { ErrandBoard } from './slots/errand-board.component.js';
import { Errand } from './slots/errand.component.js';
import { Lane } from './slots/lane.component.js';
import { TeaBasket } from './session-state/tea-basket.component.js';
import { TeaNote } from './session-state/tea-note.component.js';
import { TeaShop } from './session-state/tea-shop.component.js';
import { ExportJob } from './streaming/export-job.component.js';
import { Storyteller } from './streaming/storyteller.component.js';
import { TaleBook } from './streaming/tale.book.js';
import { Market } from './ticker/market.js';
import { Ticker } from './ticker/ticker.component.js';
import { TodoList } from './todo/todo-list.component.js';
import { PhotoAlbum } from './uploads/photo-album.component.js';
import { PhotoShelf } from './uploads/photo.shelf.js';
import { PhotosController } from './uploads/photos.controller.js';
import { BookList } from './url-state/book-list.component.js';
import { Wall } from './widgets/wall.component.js';
import { WallKeeper } from './widgets/wall.keeper.js';

@Module({
  imports: [
    AccountsModule,
    ComponentsModule.forRoot({
      imports: [AccountsModule],
      callerResolver: AccountResolver,
      roles: APPLICATION_ROLES,
      rendering: {
        templates: [TEMPLATES, ...APPLICATIONS.map(({ name }) => folderOf(name, 'templates'))],
        pages: [VIEWS, ...APPLICATIONS.map(({ name }) => folderOf(name, 'views'))],
        helpers: { menu },
      },
    }),
    // Embedded memory by default; REDIS_URL makes every component's state outlive a restart.
    RedisModule.forRootAsync({ useFactory: () => ({ backend: process.env.REDIS_URL ? 'redis' : 'memory' }) }),
    DatabaseModule,
    ...APPLICATIONS.map(({ module }) => module),
  ],
  controllers: [PagesController, PhotosController, SessionsController],
  providers: [
    DemoPages,
    HarbourOffice,
    Library,
    Market,
    PhotoShelf,
    TaleBook,
    WallKeeper,
    // Components are providers like any other.
    BookList,
    BookSearch,
    Counter,
    Doorbell,
    ExportJob,
    Errand,
    ErrandBoard,
    HtmxCounter,
    Lane,
    Kitchen,
    LinkList,
    NoticeBoard,
    ShiftPlan,
    Storyteller,
    PhotoAlbum,
    PixelBoard,
    TalkVote,
    TeaBasket,
    TeaNote,
    TeaOrder,
    TeaRoom,
    TeaShop,
    Ticker,
    TideTable,
    TodoList,
    Wall,
    WorkshopForm,
  ],
})
export class PlaygroundModule {}
