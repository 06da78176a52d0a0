package io.lockweave.spring.jpa;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spring.EnableLocking;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.context.annotation.AdviceMode;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A program that is started with the load-time weaver. Prints what became of entities that were read before the lock of
 * a method that no proxy sees.
 */
@Configuration
@EnableLocking(mode = AdviceMode.ASPECTJ)
public class WovenClub {

    @Bean
    DataSource dataSource() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:woven-club;DB_CLOSE_DELAY=-1");
        return database;
    }

    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(dataSource);
        factory.setPackagesToScan(Member.class.getPackageName());
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
        return factory;
    }

    @Bean
    JpaTransactionManager transactionManager(EntityManagerFactory factory) {
        return new JpaTransactionManager(factory);
    }

    @Bean
    Inside inside() {
        return new Inside();
    }

    static final class Inside {

        int selfInvoked(Member member) {
            return hidden(member);
        }

        @Locked(name = "member", key = "#member.id")
        private int hidden(Member member) {
            return member.getPoints();
        }
    }

    public static void main(String[] args) {
        try (var context = new AnnotationConfigApplicationContext(WovenClub.class)) {
            EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
            Inside inside = context.getBean(Inside.class);
            Member stored = new TransactionTemplate(context.getBean(JpaTransactionManager.class)).execute(status -> {
                EntityManager own = ((EntityManagerHolder) TransactionSynchronizationManager.getResource(factory))
                        .getEntityManager();
                Member made = new Member();
                own.persist(made);
                return made;
            });
            EntityManager view = factory.createEntityManager();
            TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
            Member read = view.find(Member.class, stored.getId());
            new JdbcTemplate(context.getBean(DataSource.class)).update("update member set points = 7");
            System.out.println("managed=" + inside.selfInvoked(read));
            TransactionSynchronizationManager.unbindResource(factory);
            view.close();
            try {
                System.out.println("detached=" + inside.selfInvoked(read));
            } catch (LockUsageException e) {
                System.out.println("detached refused=" + e.getMessage());
            }
        }
    }
}
