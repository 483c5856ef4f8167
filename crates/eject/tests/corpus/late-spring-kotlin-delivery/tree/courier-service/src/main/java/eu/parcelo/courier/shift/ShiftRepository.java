package eu.parcelo.courier.shift;

import java.util.List;

import org.springframework.data.repository.CrudRepository;

interface ShiftRepository extends CrudRepository<Shift, String> {
    List<Shift> findByZone(String zone);
}
