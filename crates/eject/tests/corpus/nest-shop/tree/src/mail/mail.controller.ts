import { Body, Controller, Post } from '@nestjs/common';
import { MailService } from './mail.service';

@Controller('mail')
export class MailController {
  constructor(private readonly service: MailService) {}

  @Post()
  send(@Body('address') address: string) {
    return this.service.welcome(address);
  }
}
