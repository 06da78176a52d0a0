package io.lockweave.spring.application;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** One request for each shape. */
@RestController
public class PointsController {

    private final Customers customers;
    private final PointsService points;
    private final OuterService outer;

    public PointsController(Customers customers, PointsService points, OuterService outer) {
        this.customers = customers;
        this.points = points;
        this.outer = outer;
    }

    @PostMapping("/entity/{id}")
    public void entity(@PathVariable("id") long id) {
        points.add(customers.findById(id).orElseThrow());
    }

    @PostMapping("/again/{id}")
    public void readAgain(@PathVariable("id") long id) {
        points.add(customers.findById(id).orElseThrow().getId());
    }

    @PostMapping("/id/{id}")
    public void id(@PathVariable("id") long id) {
        points.add(id);
    }

    @PostMapping("/repository/{id}")
    public void repository(@PathVariable("id") long id) {
        customers.addPoint(id);
    }

    @PostMapping("/row/{id}")
    public void row(@PathVariable("id") long id) {
        outer.addUnderRowLock(id);
    }

    @PostMapping("/outer/{id}")
    public void outer(@PathVariable("id") long id) {
        outer.addAfterReading(id);
    }

    @PostMapping("/outer-jdbc/{id}")
    public void outerJdbc(@PathVariable("id") long id) {
        outer.addAfterReadingByJdbc(id);
    }

    @PostMapping("/outer-first/{id}")
    public void outerFirst(@PathVariable("id") long id) {
        outer.addAtFirst(id);
    }
}
