package io.lockweave.spring.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.spring.EnableLocking;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Entities that were read before a lock, in a request with open-in-view and in transactions. */
@Timeout(60)
class StaleEntityCheckTest {

    @Configuration
    @EnableTransactionManagement
    @EnableLocking
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:club;DB_CLOSE_DELAY=-1", "sa", "");
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
        Club club() {
            return new Club();
        }
    }

    private static AnnotationConfigApplicationContext context;
    private static EntityManagerFactory factory;
    private static TransactionTemplate transactions;
    private static JdbcTemplate jdbc;
    private static Club club;

    private EntityManager view;
    private long id;

    @BeforeAll
    static void start() {
        context = application("refresh");
        factory = context.getBean(EntityManagerFactory.class);
        transactions = new TransactionTemplate(context.getBean(JpaTransactionManager.class));
        jdbc = new JdbcTemplate(context.getBean(DataSource.class));
        club = context.getBean(Club.class);
    }

    private static AnnotationConfigApplicationContext application(String policy) {
        AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
        application
                .getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("lockweave.jpa.stale-entities", policy)));
        application.register(Application.class);
        application.refresh();
        return application;
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    /** As open-in-view does. */
    @BeforeEach
    void openInView() {
        id = stored(new Member()).getId();
        view = factory.createEntityManager();
        TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(view));
    }

    @AfterEach
    void closeView() {
        if (TransactionSynchronizationManager.hasResource(factory)) {
            TransactionSynchronizationManager.unbindResource(factory);
        }
        view.close();
    }

    private static <T> T stored(T entity) {
        try (EntityManager manager = factory.createEntityManager()) {
            manager.getTransaction().begin();
            manager.persist(entity);
            manager.getTransaction().commit();
        }
        return entity;
    }

    private Member read() {
        return view.find(Member.class, id);
    }

    private void changedByOthers() {
        jdbc.update("update member set points = points + 10 where id = ?", id);
    }

    private static <T> T inTransaction(Supplier<T> work) {
        return transactions.execute(status -> work.get());
    }

    @Test
    void an_argument_is_read_again() {
        Member member = read();
        changedByOthers();
        assertThat(club.byMember(member)).isEqualTo(10);
    }

    @Test
    void arguments_in_a_list_are_read_again() {
        List<Member> members = List.of(read());
        changedByOthers();
        assertThat(club.byMembers(members)).isEqualTo(10);
    }

    @Test
    void what_is_found_under_the_lock_is_read_again() {
        read();
        changedByOthers();
        assertThat(club.byId(id, () -> read().getPoints())).isEqualTo(10);
    }

    @Test
    void what_a_query_gives_under_the_lock_is_read_again() {
        Member member = read();
        changedByOthers();
        List<Member> found =
                club.byId(id, () -> view.createQuery("select m from Member m where m.id = " + id, Member.class)
                        .getResultList());
        assertThat(found).containsExactly(member);
        assertThat(member.getPoints()).isEqualTo(10);
    }

    @Test
    void what_was_read_in_the_transaction_around_is_read_again() {
        closeView();
        int points = inTransaction(() -> {
            EntityManager manager = manager();
            manager.find(Member.class, id);
            changedByOthers();
            return club.byId(id, () -> manager.find(Member.class, id).getPoints());
        });
        assertThat(points).isEqualTo(10);
    }

    private static EntityManager manager() {
        return ((EntityManagerHolder) TransactionSynchronizationManager.getResource(factory)).getEntityManager();
    }

    @Test
    void a_changed_argument_is_refused() {
        Member member = read();
        member.setPoints(5);
        assertThatThrownBy(() -> club.byMember(member))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Club.byMember(Member): argument 0, an entity Member")
                .hasMessageContaining("changes that were not written")
                .hasMessageContaining("read it under the lock");
        assertThat(member.getPoints()).isEqualTo(5);
    }

    @Test
    void an_argument_that_the_transaction_has_just_made_is_no_older_than_the_lock() {
        closeView();
        int points = inTransaction(() -> {
            Member member = new Member();
            member.setPoints(3);
            manager().persist(member);
            return club.byMember(member);
        });
        assertThat(points).isEqualTo(3);
    }

    @Test
    void a_new_argument_that_nobody_has_stored_yet_passes() {
        Member member = new Member();
        member.setName("ann");
        member.setPoints(4);
        assertThat(club.byName(member)).isEqualTo(4);
    }

    @Test
    void a_detached_argument_that_names_the_lock_is_refused() {
        Member member = read();
        view.detach(member);
        assertThatThrownBy(() -> club.byMember(member))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Club.byMember(Member): argument 0, a detached entity Member")
                .hasMessageContaining("take its id instead and read it under the lock, give the entity a @Version");
    }

    @Test
    void a_detached_argument_beside_the_key_passes() {
        Member member = read();
        view.detach(member);
        assertThat(club.beside(id, member)).isZero();
    }

    @Test
    void a_detached_argument_with_a_version_is_left_to_the_database() {
        Voucher voucher = stored(new Voucher());
        assertThat(club.byVoucher(voucher)).isZero();
    }

    @Test
    void a_proxy_that_was_not_read_yet_passes() {
        Member member = view.getReference(Member.class, id);
        changedByOthers();
        assertThat(club.beside(id, member)).isEqualTo(10);
    }

    @Test
    void a_change_to_another_entity_stays_if_nobody_else_has_changed_that() {
        Member member = read();
        member.setName("ann");
        club.byId("another", () -> null);
        assertThat(member.getName()).isEqualTo("ann");
    }

    @Test
    void a_change_to_an_entity_that_others_have_changed_too_is_refused() {
        Member member = read();
        member.setPoints(1);
        changedByOthers();
        assertThatThrownBy(() -> club.byId(id, () -> null))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(
                        "an entity Member was read before the lock was taken; others have changed its row")
                .hasMessageContaining("To ");
    }

    @Test
    void a_change_to_what_belongs_to_another_entity_is_not_undone() {
        inTransaction(() -> {
            read().getBookings().add(new Booking());
            return null;
        });
        view.clear();
        Booking booking = read().getBookings().get(0);
        booking.setAmount(7);
        club.byId(id, () -> null);
        assertThat(booking.getAmount()).isEqualTo(7);
    }

    @Test
    void a_changed_voucher_is_left_to_the_database() {
        Voucher voucher = view.find(Voucher.class, stored(new Voucher()).getId());
        voucher.setValue(2);
        jdbc.update("update voucher set worth = 9, version = version + 1 where id = ?", voucher.getId());
        club.byId(id, () -> null);
        assertThat(voucher.getValue()).isEqualTo(2);
    }

    @Test
    void a_key_that_reads_what_was_not_loaded_says_what_to_do() {
        Booking booking = new Booking();
        booking.setMember(read());
        long stored = stored(booking).getId();
        view.clear();
        Booking lazy = view.find(Booking.class, stored);
        view.clear();
        assertThatThrownBy(() -> club.byNameOf(lazy))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("key = \"#booking.member.name\"")
                .hasMessageContaining("pass the id itself, or load what the expression reads together with the entity");
    }

    @Test
    void what_was_deleted_is_not_found_under_the_lock() {
        read();
        jdbc.update("delete from member where id = ?", id);
        assertThat(club.<Member>byId(id, this::read)).isNull();
    }

    @Test
    void nothing_is_read_again_for_a_lock_that_the_caller_holds() {
        int points = club.byId(id, () -> {
            Member member = read();
            member.setPoints(2); // under the lock
            return club.byMember(member);
        });
        assertThat(points).isEqualTo(2);
    }

    @Test
    void by_a_property_all_of_it_is_refused_or_ignored() {
        Member member = read();
        changedByOthers();
        try (AnnotationConfigApplicationContext refusing = application("refuse");
                AnnotationConfigApplicationContext ignoring = application("ignore")) {
            assertThatThrownBy(() -> refusing.getBean(Club.class).byMember(member))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("was read before the lock was taken");
            assertThatThrownBy(() -> refusing.getBean(Club.class).byId(id, () -> null))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("1 entities were read before the lock was taken");
            assertThat(ignoring.getBean(Club.class).byMember(member)).isZero();
        }
    }

    @Test
    void another_value_of_the_property_stops_the_start() {
        assertThatThrownBy(() -> application("merge"))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.jpa.stale-entities");
    }
}
