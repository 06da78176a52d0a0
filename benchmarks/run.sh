#!/usr/bin/env bash
# Runs every benchmark of docs/performance.md with servers of its own, keeps what each printed in benchmarks/target/results,
# and draws docs/images/*.svg from it. From the project's root: benchmarks/run.sh, about half an hour on a quiet machine;
# benchmarks/run.sh quick, about a tenth of the rounds, to see that it runs; benchmarks/run.sh plots draws again;
# benchmarks/run.sh ColdRounds redis 100 300 runs one program with what was built.
set -euo pipefail
cd "$(dirname "$0")/.."
results=benchmarks/target/results
jar=benchmarks/target/benchmarks.jar
mode=${1:-full}
if [[ $mode =~ ^[A-Z] ]]; then exec java -cp $jar "io.lockweave.benchmarks.contest.$@"; fi
if [ "$mode" = quick ]; then rounds=10 far_rounds=5 seconds=1 warm_up=4; else rounds=100 far_rounds=20 seconds=5 warm_up=15; fi

run() { # file, then the program and its arguments
    local file=$1; shift
    echo "== $*"
    java ${jvm_options:-} -cp $jar "io.lockweave.benchmarks.contest.$@" 2> "$results/$file.log" | tee "$results/$file.txt"
}

plots() {
    java -cp $jar io.lockweave.benchmarks.contest.Plots $results docs/images
}

if [ "$mode" = plots ]; then plots; exit; fi
mvn -q -B -ntp -Pbench -DskipTests package
mkdir -p $results
{ date -u; uname -m; nproc; grep -m1 'model name' /proc/cpuinfo || true; java -version; } > $results/machine.txt 2>&1

run cold-0 ColdRounds redis $rounds 300
for millis in 1 2 5 10; do run cold-$millis ColdRounds redis $far_rounds 20 $millis; done
run together ColdRounds together $rounds 300
run waiting WaitingCosts
run waiting-clients WaitingClients 200 5 8 12
run holders HolderCosts
run one-key RedisOneJvm $seconds
for jvms in 1 2 4; do
    jvm_options=-Djvms=$jvms run fleet-$jvms RedisFleet $seconds $warm_up \
        BLPOP_TOKEN JEDIS JEDIS_WITHOUT_HAND_OVER LETTUCE_WITHOUT_HAND_OVER REDISSON_RLOCK LOCK4J SPRING_INTEGRATION
done
run far FarRedis $seconds
run postgres-cold ColdRounds postgres $rounds 300
run postgres-one-key JdbcOneJvm $seconds
run postgres-fleet JdbcFleet $seconds $warm_up
run keys ManyKeys
[ "$mode" = quick ] || java -jar $jar -prof gc -rf text -rff $results/local.txt UncontendedBenchmark ContendedBenchmark
plots
