// epoll, eventfd, timerfd and prctl: Swift's Glibc module does not carry them. The event masks are cast macros in
// C, which Swift cannot import, so they are repeated here as constants.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/prctl.h>
#include <sched.h>
#include <spawn.h>

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

// For a program that reads what strangers sent: it gains no rights by any means, leaves no memory
// to look at, and ends with the thread that started it.
static inline void coinvent_renounce(void) {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0);
}

// Of the descriptors from `first` on a child gets none. Swift's Glibc module does not carry it.
static inline int coinvent_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
