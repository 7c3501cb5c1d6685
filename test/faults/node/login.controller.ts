import { Controller, Post, Query, Req, Res } from '@nestjs/common';
import { Sessions } from 'nest-live';

/** Whoever asks is believed: a fault run has no passwords. */
@Controller()
export class LoginController {
  constructor(private readonly sessions: Sessions) {}

  @Post('login')
  async login(
    @Query('user') userId: string,
    @Query('roles') roles: string,
    @Req() request: object,
    @Res({ passthrough: true }) response: object,
  ): Promise<object> {
    await this.sessions.signIn(request, response, { userId, roles: roles ? roles.split(',') : [] });
    return {};
  }

  @Post('logout')
  async logout(@Req() request: object, @Res({ passthrough: true }) response: object): Promise<object> {
    await this.sessions.signOut(request, response);
    return {};
  }
}
