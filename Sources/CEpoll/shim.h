// epoll, eventfd, timerfd and prctl: Swift's Glibc module does not carry them. The event masks are cast macros in
// C, which Swift cannot import, so they are repeated here as constants.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/prctl.h>
#include <sched.h>

static const unsigned int COINVENT_EPOLLIN = EPOLLIN;
static const unsigned int COINVENT_EPOLLOUT = EPOLLOUT;
static const unsigned int COINVENT_EPOLLERR = EPOLLERR;
static const unsigned int COINVENT_EPOLLHUP = EPOLLHUP;
static const unsigned int COINVENT_EPOLLRDHUP = EPOLLRDHUP;

static inline void coinvent_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// Lets a thread run only where nobody else wants to: SCHED_IDLE, which is preempted at once by
// whoever wakes up and still gets a little when all processors are busy.
static inline void coinvent_give_way(void) {
  struct sched_param none = {0};
  sched_setscheduler(0, 5, &none);
}
