package io.lockweave.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** TLS in front of a server of this machine that has none, with a certificate of its own making. */
public final class TlsFront implements AutoCloseable {

    /** The password of {@link #keys()}. */
    public static final String PASSWORD = "secret";

    private final Path folder;
    private final SSLServerSocket listener;
    private final int server;

    private TlsFront(Path folder, SSLServerSocket listener, int server) {
        this.folder = folder;
        this.listener = listener;
        this.server = server;
    }

    /** Begins to listen, before the server at this port. */
    public static TlsFront before(int server) throws Exception {
        Path folder = Files.createTempDirectory("lockweave-tls");
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost")
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        TlsFront front = new TlsFront(
                folder,
                (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                server);
        daemon(front::accept);
        return front;
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The key store, which serves as trust store too. */
    public Path keys() {
        return folder.resolve("keys.p12");
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
                daemon(() -> pump(client, behind));
                daemon(() -> pump(behind, client));
            } catch (IOException e) {
                // closed in the end
            }
        }
    }

    private static void pump(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // a client that does not trust the server, or the end of one side
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "tls");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(keys());
        Files.deleteIfExists(folder);
    }
}
