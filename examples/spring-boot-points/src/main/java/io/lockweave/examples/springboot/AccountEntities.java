package io.lockweave.examples.springboot;

import org.springframework.data.jpa.repository.JpaRepository;

/** The table of points by JPA. */
interface AccountEntities extends JpaRepository<Account, String> {}
