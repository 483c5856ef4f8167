import Echo from 'laravel-echo';
import io from 'socket.io-client';

window.io = io;
window.Echo = new Echo({
    broadcaster: 'socket.io',
    host: `${window.location.hostname}:6001`,
});

const cache = new Map();

export function onSeat(event, tell) {
    window.Echo.channel(`events.${event}`).listen('SeatTaken', ({ seat }) => {
        cache.set(seat, true);
        tell(seat);
    });
}
