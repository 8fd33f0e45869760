# Builds the release binary and puts it on a plain Debian 12.
FROM swift:6.3-bookworm AS build
RUN apt-get -q update && apt-get -q install -y --no-install-recommends \
    libpq-dev libmicrohttpd-dev libsodium-dev libjansson-dev libcurl4-openssl-dev \
    libcsv-dev libmimalloc-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libvips42 libzip-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Schema Schema
# The tests' targets are named in Package.swift; they are not built here.
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product coinvent \
    && swift build -c release --static-swift-stdlib --product coinvent-image \
    && install -D -s -t /out .build/release/coinvent .build/release/coinvent-image

FROM debian:12-slim
RUN apt-get -q update && apt-get -q install -y --no-install-recommends \
    ca-certificates cron curl libcmark-gfm0.29.0.gfm.6 libcmark-gfm-extensions0.29.0.gfm.6 libcurl4 libjansson4 libcsv3 libmicrohttpd12 libmimalloc2.0 libpq5 libsodium23 \
    libvips42 libzip4 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/coinvent --create-home coinvent
COPY --from=build /out/ /usr/local/bin/
ENV COINVENT_DATA=/var/lib/coinvent COINVENT_HOST=0.0.0.0
VOLUME /var/lib/coinvent
EXPOSE 8080
USER coinvent
ENTRYPOINT ["coinvent"]
CMD ["serve"]
