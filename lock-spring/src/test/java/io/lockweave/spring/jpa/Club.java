package io.lockweave.spring.jpa;

import io.lockweave.Locked;
import java.util.List;
import java.util.function.Supplier;

/** Locked methods that take and read entities. */
public class Club {

    /** Runs under the lock of an id. */
    @Locked(name = "member", key = "#id")
    public <T> T byId(Object id, Supplier<T> work) {
        return work.get();
    }

    /** Runs under the lock of an entity. */
    @Locked(name = "member", key = "#member.id")
    public int byMember(Member member) {
        return member.getPoints();
    }

    /** Its argument is an entity that the lock does not name. */
    @Locked(name = "member", key = "#id")
    public int beside(long id, Member member) {
        return member.getPoints();
    }

    /** All of them are locked. */
    @Locked(name = "member", key = "#members.![id]")
    public int byMembers(List<Member> members) {
        return members.stream().mapToInt(Member::getPoints).sum();
    }

    /** Runs under the lock of a versioned entity. */
    @Locked(name = "voucher", key = "#voucher.id")
    public int byVoucher(Voucher voucher) {
        return voucher.getValue();
    }

    /** Locked by a property of something else, which may be lazy. */
    @Locked(name = "name", key = "#booking.member.name")
    public int byNameOf(Booking booking) {
        return booking.getAmount();
    }

    /** Locked by something that new members have as well. */
    @Locked(name = "name", key = "#member.name")
    public int byName(Member member) {
        return member.getPoints();
    }
}
