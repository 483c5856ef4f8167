package eu.parcelo.courier.shift;

import java.util.List;
import java.util.stream.Collectors;

import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

@Service
public class ShiftService {
    private final ShiftRepository shifts;
    private final JdbcTemplate jdbc;

    ShiftService(ShiftRepository shifts, JdbcTemplate jdbc) {
        this.shifts = shifts;
        this.jdbc = jdbc;
    }

    public void start(String courier, String zone) {
        shifts.save(new Shift(courier, zone, 6 * 3600L));
    }

    public void end(String courier) {
        shifts.deleteById(courier);
    }

    public List<String> working(String zone) {
        return shifts.findByZone(zone).stream().map(Shift::getCourier).collect(Collectors.toList());
    }

    @Scheduled(cron = "0 0 4 * * *")
    @SchedulerLock(name = "payroll")
    public void payroll() {
        // The table is locked as well: the payroll of 2021 was paid twice.
        jdbc.execute("select pg_advisory_xact_lock(4711)");
        jdbc.update("insert into payroll select * from shifts_worked where paid_at is null");
    }
}
