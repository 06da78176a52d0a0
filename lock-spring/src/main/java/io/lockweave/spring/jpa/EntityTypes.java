package io.lockweave.spring.jpa;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.metamodel.EntityType;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/** Which classes are entities, by the application's persistence units. Safe for use from any thread. */
final class EntityTypes {

    private static final Known NONE = new Known(null, null);

    private final ListableBeanFactory beans;
    private final Map<Class<?>, Known> known = new ConcurrentHashMap<>();

    EntityTypes(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Whether the object's class is an entity, or a proxy of one. */
    boolean isEntity(Object object) {
        return of(object).type() != null;
    }

    /** The entity's name. */
    String name(Object entity) {
        EntityType<?> type = of(entity).type();
        return type == null ? entity.getClass().getSimpleName() : type.getName();
    }

    /** Whether the database refuses to write it if it is out of date. */
    boolean isVersioned(Object entity) {
        EntityType<?> type = of(entity).type();
        return type != null && type.hasVersionAttribute();
    }

    /** Whether it has no id yet, so that it was never read. */
    boolean isNew(Object entity) {
        Known found = of(entity);
        Object id = found.units() == null
                ? null
                : found.units().getPersistenceUnitUtil().getIdentifier(entity);
        return id == null || (id instanceof Number number && number.longValue() == 0);
    }

    /** Whether its ids are made when it is stored: one that has an id was stored then. */
    boolean hasGeneratedId(Object entity) {
        EntityType<?> type = of(entity).type();
        return type != null
                && type.hasSingleIdAttribute()
                && type.getIdType() != null
                && type.getId(type.getIdType().getJavaType()).getJavaMember() instanceof AnnotatedElement member
                && member.isAnnotationPresent(GeneratedValue.class);
    }

    private Known of(Object object) {
        Class<?> type = object.getClass();
        if (type.getName().startsWith("java.") || type.isEnum() || type.isRecord()) {
            return NONE;
        }
        Known found = known.get(type);
        return found == null ? find(type) : found;
    }

    /**
     * What is not found while the application starts, when its persistence units may still come, is looked for again.
     */
    private Known find(Class<?> type) {
        List<EntityManagerFactory> units = units();
        for (EntityManagerFactory unit : units) {
            for (Class<?> above = type; above != null; above = above.getSuperclass()) {
                for (EntityType<?> entity : unit.getMetamodel().getEntities()) {
                    if (entity.getJavaType() == above) {
                        return remember(type, new Known(unit, entity));
                    }
                }
            }
        }
        return units.isEmpty() ? NONE : remember(type, NONE);
    }

    private Known remember(Class<?> type, Known found) {
        known.put(type, found);
        return found;
    }

    private List<EntityManagerFactory> units() {
        return new ArrayList<>(
                BeanFactoryUtils.beansOfTypeIncludingAncestors(beans, EntityManagerFactory.class, false, false)
                        .values());
    }

    /** A class that is an entity of one persistence unit, or none. */
    private record Known(
            @Nullable EntityManagerFactory units, @Nullable EntityType<?> type) {}
}
