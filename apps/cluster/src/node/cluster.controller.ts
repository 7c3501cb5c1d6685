import { Controller, Get, Render } from '@nestjs/common';
import { NodeIdentity } from 'nest-live/extend';

@Controller()
export class ClusterController {
  constructor(private readonly here: NodeIdentity) {}

  @Get()
  @Render('cluster')
  page(): { node: string } {
    return { node: this.here.name };
  }
}
