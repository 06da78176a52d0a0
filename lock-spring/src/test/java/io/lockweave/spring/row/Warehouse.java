package io.lockweave.spring.row;

import io.lockweave.jdbc.LockedRow;
import io.lockweave.jdbc.RowLock;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.transaction.annotation.Transactional;

/** Changes articles by reading and writing. */
public class Warehouse {

    private final TransactionRowLocks rows;

    @PersistenceContext
    private EntityManager entities;

    public Warehouse(TransactionRowLocks rows) {
        this.rows = rows;
    }

    @Transactional
    public void create(int id) {
        entities.persist(new Article(id, 0));
    }

    @Transactional
    public int stock(int id) {
        return entities.find(Article.class, id).stock();
    }

    @Transactional
    @LockedRow(table = "article", key = "#id")
    public void add(int id) {
        entities.find(Article.class, id).add(1);
    }

    @Transactional
    public void addUnlocked(int id, Runnable meanwhile) {
        Article article = entities.find(Article.class, id);
        meanwhile.run();
        article.add(1);
    }

    @Transactional
    public void addTo(int id) {
        rows.lock(RowLock.of("article", id));
        entities.find(Article.class, id).add(1);
    }

    /** The stock as it is after another transaction changed it: as the entity has it, and refreshed. */
    @Transactional
    public List<Integer> readLockRefresh(int id, Runnable meanwhile) {
        Article article = entities.find(Article.class, id);
        meanwhile.run();
        rows.lock(RowLock.of("article", id));
        int stale = entities.find(Article.class, id).stock();
        entities.refresh(article);
        return List.of(stale, article.stock());
    }

    /** What a query says on the entity manager's connection while a row is locked. */
    @Transactional
    @LockedRow(table = "article", key = "#id")
    public <T> List<T> sessions(int id, Supplier<T> onTheDataSource) {
        @SuppressWarnings("unchecked")
        T session = (T)
                entities.createNativeQuery("select session_id()", Integer.class).getSingleResult();
        return List.of(session, onTheDataSource.get());
    }

    /** Locks a row that this transaction made, before and after JPA has written it. */
    @Transactional
    public void createAndLock(int id, boolean flush) {
        entities.persist(new Article(id, 0));
        if (flush) {
            entities.flush();
        }
        rows.lock(RowLock.of("article", id));
    }
}
