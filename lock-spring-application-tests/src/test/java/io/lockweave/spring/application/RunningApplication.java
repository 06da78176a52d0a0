package io.lockweave.spring.application;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application on one database, started as {@code main} would, on a free port. */
final class RunningApplication implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    RunningApplication(String url, Map<String, Object> more) {
        SpringApplication application = new SpringApplication(PointsApplication.class);
        Map<String, Object> properties = new HashMap<>(Map.of(
                "server.port", "0",
                "server.error.include-message", "always",
                "spring.web.error.include-message", "always",
                "spring.datasource.url", url,
                "spring.jpa.hibernate.ddl-auto", "create",
                "spring.main.banner-mode", "off",
                "lockweave.backend", "jdbc",
                "lockweave.jdbc.initialize-schema", "true"));
        properties.put("spring.flyway.enabled", "false");
        properties.put("spring.liquibase.enabled", "false");
        properties.put("logging.level.root", "warn");
        properties.put("logging.level.org.apache.catalina", "off"); // one stack trace for each refused request
        properties.put("lockweave.wait-time", "1m"); // a loaded machine is slow, which is not what is looked for
        properties.putAll(more);
        application.setDefaultProperties(properties);
        context = application.run();
    }

    /** A new customer's id. */
    long customer() {
        jdbc().sql("insert into customer (points) values (0)").update();
        return jdbc().sql("select max(id) from customer").query(Long.class).single();
    }

    int points(long customer) {
        return jdbc().sql("select points from customer where id = " + customer)
                .query(Integer.class)
                .single();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    /** That many requests in one shape. */
    Requests send(int count, String shape, long customer) throws Exception {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return Requests.send(count, URI.create("http://127.0.0.1:" + port + "/" + shape + "/" + customer));
    }

    @Override
    public void close() {
        context.close();
    }
}
