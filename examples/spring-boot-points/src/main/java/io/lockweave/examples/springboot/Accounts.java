package io.lockweave.examples.springboot;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The table of points. */
@Repository
class Accounts {

    private final JdbcTemplate jdbc;

    Accounts(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The points; an account that is not there yet has none. */
    int points(String user) {
        List<Integer> found = jdbc.queryForList("select points from account where id = ?", Integer.class, user);
        return found.isEmpty() ? 0 : found.get(0);
    }

    void save(String user, int points) {
        if (jdbc.update("update account set points = ? where id = ?", points, user) == 0) {
            jdbc.update("insert into account (id, points) values (?, ?)", user, points);
        }
    }
}
