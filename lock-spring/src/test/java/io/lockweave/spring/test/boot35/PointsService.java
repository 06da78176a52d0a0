package io.lockweave.spring.test.boot35;

import io.lockweave.Locked;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Points of users, in a table. */
@Service
class PointsService {

    private final JdbcTemplate jdbc;

    PointsService(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute("create table if not exists points (name varchar(50) primary key, points int not null)");
    }

    @Locked(name = "user", key = "#user", backend = "jdbc")
    @Transactional
    public int add(String user, int points) {
        int sum = of(user) + points;
        jdbc.update("merge into points key (name) values (?, ?)", user, sum);
        return sum;
    }

    public int of(String user) {
        return jdbc.queryForList("select points from points where name = ?", Integer.class, user).stream()
                .findFirst()
                .orElse(0);
    }
}
