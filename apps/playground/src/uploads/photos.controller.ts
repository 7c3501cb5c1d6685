import { Controller, Get, Header, NotFoundException, Param, StreamableFile } from '@nestjs/common';

import { PhotoShelf } from './photo.shelf.js';

/** Shows what was saved, to whoever knows its id. Nothing that somebody has uploaded runs anywhere. */
@Controller('photos')
export class PhotosController {
  constructor(private readonly shelf: PhotoShelf) {}

  @Get(':id')
  @Header('content-security-policy', "sandbox; default-src 'none'")
  @Header('cache-control', 'private, max-age=3600')
  show(@Param('id') id: string): StreamableFile {
    const [photo] = this.shelf.find([id]);
    if (!photo) {
      throw new NotFoundException();
    }
    return new StreamableFile(photo.bytes, { type: photo.type, disposition: 'attachment' });
  }
}
