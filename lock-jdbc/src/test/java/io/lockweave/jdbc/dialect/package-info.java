/** Tests of locks in databases. */
package io.lockweave.jdbc.dialect;
