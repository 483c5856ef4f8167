import { Injectable } from '@nestjs/common';

interface Mail {
  to: string;
  subject: string;
  via: string;
}

/** A queue in memory, ten mails a second. What is in it at a restart is lost, mails are no contract. */
@Injectable()
export class Outbox {
  private readonly queue: Mail[] = [];
  private timer?: NodeJS.Timeout;

  push(mail: Mail) {
    this.queue.push(mail);
    this.timer ??= setInterval(() => void this.flush(), 100);
  }

  private async flush() {
    const mail = this.queue.shift();
    if (!mail) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    await fetch('https://mail.example.com/v1/send', { method: 'POST', body: JSON.stringify(mail) });
  }
}
