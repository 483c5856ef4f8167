<?php

declare(strict_types=1);

namespace Beacon\Tests;

use Beacon\PredisTransport;
use PHPUnit\Framework\TestCase;
use Predis\ClientInterface;

final class PredisTransportTest extends TestCase
{
    public function testItSends(): void
    {
        $client = $this->createMock(ClientInterface::class);
        $client->expects(self::once())->method('__call')->with('xadd');
        (new PredisTransport($client))->send(['a' => 'b']);
    }
}
