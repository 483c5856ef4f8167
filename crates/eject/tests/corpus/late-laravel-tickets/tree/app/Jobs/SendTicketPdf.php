<?php

namespace App\Jobs;

use App\Models\Order;
use Barryvdh\DomPDF\Facade\Pdf;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;
use Illuminate\Queue\Middleware\RateLimitedWithRedis;
use Illuminate\Support\Facades\Mail;
use Illuminate\Support\Facades\Redis;

class SendTicketPdf implements ShouldQueue
{
    use Queueable;

    public int $tries = 5;

    public function __construct(public Order $order)
    {
        $this->onConnection('redis');
    }

    public function middleware(): array
    {
        return [new RateLimitedWithRedis('pdf')];
    }

    public function handle(): void
    {
        $pdf = Pdf::loadView('pdf.ticket', ['order' => $this->order]);

        Redis::funnel('smtp')
            ->limit(10)
            ->then(
                fn () => Mail::raw('Your ticket', fn ($m) => $m->to($this->order->user->email)->attachData($pdf->output(), 'ticket.pdf')),
                fn () => $this->release(10),
            );
    }
}
